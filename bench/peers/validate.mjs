// Validates with shacl-engine or rdf-validate-shacl and writes the whole report as N-Triples.
// Prints one JSON object.
//   validate.mjs ENGINE DATA SHAPES REPORT RESULTS SECONDS
// RESULTS gets one line per result; the validation is repeated until SECONDS are over.

import fs from 'node:fs'
import N3 from 'n3'

const [engine, dataPath, shapesPath, reportPath, resultsPath, seconds] = process.argv.slice(2)
const syntaxes = { nt: 'N-Triples', nq: 'N-Quads', ttl: 'Turtle', trig: 'TriG' }
const steps = { load: [], 'load shapes': [], compile: [], validate: [] }

async function timed (times, step) {
  const start = performance.now()
  const made = await step()
  times.push((performance.now() - start) / 1000)
  return made
}

function load (path) {
  const parser = new N3.Parser({ format: syntaxes[path.split('.').pop()] })
  const store = new N3.Store()
  store.addQuads(parser.parse(fs.readFileSync(path, 'utf8')))
  return store
}

function escaped (text) {
  return text.replace(/[\\"\n\r]/g, c => ({ '\\': '\\\\', '"': '\\"', '\n': '\\n', '\r': '\\r' })[c])
}

// As in N-Triples, but for the labels of blank nodes, which every program has others of.
function line (term) {
  if (!term) return ''
  if (term.termType === 'BlankNode') return '_:'
  if (term.termType === 'NamedNode') return `<${term.value}>`
  const quoted = `"${escaped(term.value)}"`
  if (term.language) return `${quoted}@${term.language}`
  const string = 'http://www.w3.org/2001/XMLSchema#string'
  return term.datatype.value === string ? quoted : `${quoted}^^<${term.datatype.value}>`
}

// Each engine's validator, and what its results are called.
async function prepare (shapes) {
  if (engine === 'shacl-engine') {
    const { Validator } = await import('shacl-engine')
    const factory = { ...N3.DataFactory, dataset: quads => new N3.Store(quads) }
    const validator = new Validator(shapes, { factory })
    return {
      validate: data => validator.validate({ dataset: data }),
      result: r => [r.focusNode.term, r.constraintComponent, r.value?.term]
    }
  }
  const { default: Validator } = await import('rdf-validate-shacl')
  const validator = new Validator(shapes)
  return {
    validate: data => validator.validate(data),
    result: r => [r.focusNode, r.sourceConstraintComponent, r.value]
  }
}

const data = await timed(steps.load, () => load(dataPath))
const shapes = await timed(steps['load shapes'], () => load(shapesPath))
const { validate, result } = await timed(steps.compile, () => prepare(shapes))
const report = await timed(steps.validate, () => validate(data))
fs.writeFileSync(reportPath, new N3.Writer({ format: 'N-Triples' }).quadsToString([...report.dataset]))
if (resultsPath) {
  fs.writeFileSync(resultsPath, report.results.map(r => result(r).map(line).join('\t') + '\n').join(''))
}
const begin = performance.now()
while (performance.now() - begin < 1000 * seconds) await timed(steps.validate, () => validate(data))
console.log(JSON.stringify({ quads: data.size, results: report.results.length, steps }))
