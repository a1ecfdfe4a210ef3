// Reads one file into the store of n3. Prints one JSON object.

import fs from 'node:fs'
import N3 from 'n3'

const [path] = process.argv.slice(2)
const syntaxes = { nt: 'N-Triples', nq: 'N-Quads', ttl: 'Turtle', trig: 'TriG' }
const start = performance.now()
const parser = new N3.Parser({ format: syntaxes[path.split('.').pop()] })
const store = new N3.Store()
store.addQuads(parser.parse(fs.readFileSync(path, 'utf8')))
const seconds = (performance.now() - start) / 1000
console.log(JSON.stringify({ quads: store.size, steps: { load: [seconds] } }))
