const GROUP_ENDS = /\B(?=(?:\d{3})+$)/g;

/** `65535` as `65,535`. Node's own `toLocaleString` takes longer for its first number than a small scan. */
export function groupDigits(value: number): string {
  return String(Math.round(value)).replace(GROUP_ENDS, ",");
}
