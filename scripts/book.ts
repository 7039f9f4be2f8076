/** `npm run book`: makes the lab a book to read, or shows it while notebooks are edited. */

import { runAsMain } from "../src/program/entry";
import { bookCommand } from "../src/tools/book/command";

await runAsMain(bookCommand(process.cwd()), import.meta.url);
