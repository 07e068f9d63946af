import { type ListeningPort, listeningPorts } from "./listening-ports.js";

/** Which of the ports that programs listened on are free by now, and which somebody holds. */
export function givenBackPorts(listening: readonly ListeningPort[]): { portsClosed: number[]; portsOpen: number[] } {
  if (listening.length === 0) return { portsClosed: [], portsOpen: [] };
  const stillOpen = new Set(listeningPorts().map(({ socket }) => socket));
  const ports = (isOpen: boolean): number[] => [
    ...new Set(listening.filter(({ socket }) => stillOpen.has(socket) === isOpen).map(({ port }) => port)),
  ];
  return { portsClosed: ports(false), portsOpen: ports(true) };
}
