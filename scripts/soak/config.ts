// npm run soak -- config: kills config_server with SIGKILL, a thousand times, while clients write to it.
// Nothing that was acknowledged may be missing afterwards, and nothing may be torn.

import path from "node:path";
import { print, printError, printProgress } from "../../src/program/print";
import { extractPrograms, PROGRAMS_FOLDER } from "../../src/tools/notebook/extract";
import { wholeNumber } from "../whole-number";
import { Killings } from "./killings";

const DEFAULT_KILLS = 1_000;
const MAX_KILLS = 1_000_000;
const MAX_SEED = 0xffff_ffff;

/** @throws UsageError a value is wrong */
export async function config(values: ReadonlyMap<string, string>): Promise<number> {
  const kills = wholeNumber(values, "kills", DEFAULT_KILLS, MAX_KILLS);
  const seed = wholeNumber(values, "seed", Date.now() % MAX_SEED, MAX_SEED);
  await extractPrograms(process.cwd());
  print(`seed ${seed}, ${kills} kills`);
  const started = performance.now();
  const killings = new Killings(path.resolve(PROGRAMS_FOLDER, "config_server.mjs"), seed);
  try {
    const sum = await killings.run(kills, (done) => {
      printProgress(`${done} kills`);
    });
    const seconds = (performance.now() - started) / 1000;
    printProgress();
    print(`nothing that was acknowledged is lost, nothing is torn, in ${seconds.toFixed(0)} s`);
    print(`  acknowledged versions           ${sum.acknowledged}`);
    print(`  kept whole, not acknowledged    ${sum.unacknowledged}`);
    print(`  starts that told of a recovery  ${sum.recoveries}`);
    print(`  unfinished writes removed       ${sum.unfinished}`);
    print(`  killed while starting           ${sum.killedWhileStarting}`);
    return 0;
  } catch (error) {
    printError(`\n${error instanceof Error ? error.message : error}`);
    printError(`Repeat it: npm run soak -- config --seed ${seed} --kills ${kills}`);
    return 1;
  }
}
