// npm run soak -- SECTION [OPTIONS]: what has to hold time after time, at full length.
// `npm test` runs a short form of each.

/** What a section is given, and the exit code that it gives back. */
import { printError } from "../src/program/print";

export type SoakSection = (args: readonly string[]) => Promise<number>;

/** Sections by name; each is loaded only when it is run. */
const SECTIONS: Record<string, () => Promise<SoakSection>> = {
  scan: async () => (await import("./soak/scan")).scanSection,
  config: async () => (await import("./soak/config")).config,
};

async function main([name = "", ...args]: readonly string[]): Promise<number> {
  const load = Object.hasOwn(SECTIONS, name) ? SECTIONS[name] : undefined;
  if (load === undefined) {
    const there = Object.keys(SECTIONS).join(", ");
    printError(`${name ? `no soak section ${name}` : "which section?"}; there are: ${there}`);
    return 2;
  }
  return (await load())(args);
}

process.exitCode = await main(process.argv.slice(2));
