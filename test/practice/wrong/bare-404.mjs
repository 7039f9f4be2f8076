/** 404 without a page. */
import { start } from "./right.mjs";

start({ notFound: () => "" });
