// npm run soak -- SECTION [options]: a program of the lab under repeated ill-treatment, the same each time
// for the same seed. Exit 1 when it did not hold.

/** Sections by name; each is loaded only when it is run. It gets its arguments and resolves with an exit code. */
const SECTIONS: Record<string, () => Promise<(argv: readonly string[]) => Promise<number>>> = {
  config: async () => (await import("./soak/config")).config,
};

async function main(): Promise<number> {
  const [name, ...argv] = process.argv.slice(2);
  const section = name === undefined ? undefined : SECTIONS[name];
  if (section === undefined) {
    const known = Object.keys(SECTIONS).join(", ");
    console.error(`${name === undefined ? "which soak" : `no soak ${name}`}? There are: ${known}`);
    return 2;
  }
  return (await section())(argv);
}

process.exitCode = await main();

export {};
