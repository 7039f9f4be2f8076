/** `65535` as `65,535`. Node's own `toLocaleString` takes longer for its first number than a small scan. */
export function thousands(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(?:\d{3})+$)/g, ",");
}
