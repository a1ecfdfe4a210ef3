// Canonicalizes one file of N-Quads with rdf-canonize and hashes what comes out. n3 parses: the time
// of rdf-canonize's own parser grows with the square of the size. Prints one JSON object.
//   canonize.mjs FILE SECONDS [unlimited]   repeats until SECONDS are over; `unlimited` lifts the
//                                           limit of work that it has by itself

import crypto from 'node:crypto'
import fs from 'node:fs'
import N3 from 'n3'
import * as rdfCanonize from 'rdf-canonize'

const [path, seconds, limit] = process.argv.slice(2)
const text = fs.readFileSync(path, 'utf8')
const options = { algorithm: 'RDFC-1.0', format: 'application/n-quads' }
if (limit === 'unlimited') options.maxWorkFactor = Infinity

const steps = { load: [], canonicalize: [] }
const begin = performance.now()
const answer = { steps }
do {
  let start = performance.now()
  const quads = new N3.Parser({ format: 'N-Quads' }).parse(text)
  steps.load.push((performance.now() - start) / 1000)
  answer.quads = quads.length
  start = performance.now()
  try {
    const canonical = await rdfCanonize.canonize(quads, options)
    answer.id ??= 'sha256:' + crypto.createHash('sha256').update(canonical).digest('hex')
  } catch (error) {
    answer.refused = { step: 'canonicalize', code: error.name, detail: error.message }
  }
  steps.canonicalize.push((performance.now() - start) / 1000)
} while (!answer.refused && performance.now() - begin < 1000 * seconds)
console.log(JSON.stringify(answer))
