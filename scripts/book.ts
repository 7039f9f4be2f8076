/** `npm run book`: makes the lab a book to read, or shows it while notebooks are edited. */
import { bookCommand } from "../src/book/command";
import { runAsMain } from "../src/program/entry";

await runAsMain(bookCommand(process.cwd()), import.meta.url);
