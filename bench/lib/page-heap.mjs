/** Bytes of a page's JavaScript after everything unused was collected. */
export async function heapAfterCollection(page) {
  const session = await page.context().newCDPSession(page);
  try {
    for (let times = 0; times < 3; times++) await session.send("HeapProfiler.collectGarbage");
    return (await session.send("Runtime.getHeapUsage")).usedSize;
  } finally {
    await session.detach();
  }
}
