// For the book while it is being written: shows this page anew when it has changed.
const { page, version } = document.currentScript.dataset;
const address = new URL("versions", document.currentScript.src);
address.searchParams.set("page", page);
const versions = new EventSource(address);
versions.onmessage = ({ data }) => {
  if (data !== version) location.reload();
};
// The browser would go on listening for a page that nobody sees any more.
addEventListener("pagehide", () => versions.close());
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) location.reload();
});
