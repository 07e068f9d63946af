export function increase(numbers: Uint8Array | Uint32Array | Float32Array, at: number, by: number): number {
  return (numbers[at] = (numbers[at] as number) + by);
}
