export async function benchBuild(_: { sizes: number[]; keep: boolean }): Promise<void> {}
