/**
 * Begins a line that no program printed: what is known of a run's end besides its output stands on lines of its own, so
 * that one ranking holds for all. Control characters are not left in output, so nobody can print such a line.
 */
export const FACT = "\0";
