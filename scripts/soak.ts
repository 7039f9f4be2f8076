/** `npm run soak -- SECTION`: repeats at full length what `npm test` does in short form. */
import { UsageError } from "../src/program/failures";
import { runCommand } from "../src/tools/notebook/command";

/** Gets the options of the command line by name; gives back the exit code. @throws UsageError a value is wrong */
export type SoakSection = (options: ReadonlyMap<string, string>) => Promise<number>;

/** Sections by name; each is loaded only when it is run. */
const SECTIONS: Record<string, () => Promise<SoakSection>> = {
  scan: async () => (await import("./soak/scan")).scanSection,
  config: async () => (await import("./soak/config")).config,
};

const HELP = `Usage: npm run soak -- scan [--rounds N]
       npm run soak -- config [--kills N] [--seed N]

Repeats at full length what npm test does in short form.
  --rounds N  full scans beside nmap (default: 20)
  --kills N   how often to kill the configuration server (default: 1000)
  --seed N    decides what is written and when the server is killed (default: a new one)`;

const shape = { help: HELP, positionals: "any", values: ["rounds", "kills", "seed"] } as const;
await runCommand(shape, async ({ positionals: [name = "", ...more], values }) => {
  const load = Object.hasOwn(SECTIONS, name) ? SECTIONS[name] : undefined;
  if (load === undefined || more.length > 0) {
    const there = Object.keys(SECTIONS).join(", ");
    throw new UsageError(
      `${name ? `No soak section ${name}` : "Which section?"}; there are: ${there}`,
    );
  }
  return (await load())(values);
});
