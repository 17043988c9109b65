/** Waits until `look` finds what it looks for. */
export async function eventually(look) {
  for (let i = 0; i < 400; i++) {
    const found = await look().catch(() => undefined);
    if (found) {
      return found;
    }
    await new Promise((done) => setTimeout(done, 25));
  }
  throw new Error(`not in 10 s: ${look}`);
}
