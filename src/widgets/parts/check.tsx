interface CheckProps {
  checked: boolean;
  onChange(checked: boolean): void;
  children: string;
}

/** A box that says what it adds to a question. */
export function Check({ checked, onChange, children }: CheckProps) {
  return (
    <label className="pk-limits-check">
      <input type="checkbox" checked={checked} onChange={({ currentTarget }) => onChange(currentTarget.checked)} />
      {children}
    </label>
  );
}
