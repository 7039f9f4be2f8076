/** `npm run typecheck`: strict TypeScript over src, scripts, tests and the extracted programs. */
import { print } from "../src/program/print";
import { runCommand } from "../src/tools/notebook/command";
import { typecheck } from "../src/tools/notebook/typecheck";

const HELP = `Usage: npm run typecheck

Extracts the programs and checks the types of src, scripts, test and every program cell.`;

await runCommand({ help: HELP, positionals: "none" }, async () => {
  const { lines, status } = await typecheck(process.cwd());
  for (const line of lines) print(line);
  return status;
});
