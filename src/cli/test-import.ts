export async function importRequests(_file: string, _out: string | undefined): Promise<number> {
  return 2;
}
