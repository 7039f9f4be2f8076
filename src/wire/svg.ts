import type { SvgOptions } from "./options";
import type { RecordingData } from "./recording";
export function renderSvg(_r: RecordingData, _o: SvgOptions = {}): string {
  return "";
}
