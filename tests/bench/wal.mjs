/*
 * A new cluster makes each file of its WAL by writing zeros, and then writes it again, while everybody who commits waits; one that has run for a day
 * uses its old files anew, as many as min_wal_size keeps. Benchmarks are of the second: here the files are made beforehand, for the load and its limit alike.
 */
const FILES = 256; /* of 16 MB: min_wal_size of the profile bench */

export async function walFilesAreThere(stack) {
  for (let i = 0; i < FILES; i += 1) {
    await stack.psql("select pg_logical_emit_message(false, 'bench', 'a file that holds nothing is not ended')");
    await stack.psql('select pg_switch_wal()');
  }
  await stack.psql('checkpoint'); /* what lies before it is not needed any more */
}
