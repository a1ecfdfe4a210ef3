// Validates with Jena. Prints one JSON object.
//   JenaSteps DATA SHAPES RESULTS SECONDS
// RESULTS gets one line per result; the validation is repeated until SECONDS are over.

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.jena.graph.Graph;
import org.apache.jena.graph.Node;
import org.apache.jena.riot.RDFDataMgr;
import org.apache.jena.shacl.ShaclValidator;
import org.apache.jena.shacl.Shapes;
import org.apache.jena.shacl.ValidationReport;
import org.apache.jena.shacl.validation.ReportEntry;

public class JenaSteps {
  static <T> T timed(List<Double> times, Callable<T> step) throws Exception {
    long start = System.nanoTime();
    T made = step.call();
    times.add((System.nanoTime() - start) / 1e9);
    return made;
  }

  // As in N-Triples, but for the labels of blank nodes, which every program has others of.
  static String line(Node term) {
    if (term == null) return "";
    if (term.isBlank()) return "_:";
    if (term.isURI()) return "<" + term.getURI() + ">";
    String quoted = '"' + term.getLiteralLexicalForm().replace("\\", "\\\\").replace("\"", "\\\"")
        .replace("\n", "\\n").replace("\r", "\\r") + '"';
    if (!term.getLiteralLanguage().isEmpty()) return quoted + "@" + term.getLiteralLanguage();
    String datatype = term.getLiteralDatatypeURI();
    return datatype.equals("http://www.w3.org/2001/XMLSchema#string")
        ? quoted : quoted + "^^<" + datatype + ">";
  }

  static String array(List<Double> times) {
    return times.stream().map(t -> String.format(Locale.ROOT, "%.6f", t))
        .collect(Collectors.joining(", ", "[", "]"));
  }

  public static void main(String[] args) throws Exception {
    List<Double> load = new ArrayList<>(), shapesLoad = new ArrayList<>();
    List<Double> compile = new ArrayList<>(), validate = new ArrayList<>();
    Graph data = timed(load, () -> RDFDataMgr.loadGraph(args[0]));
    Graph shapesGraph = timed(shapesLoad, () -> RDFDataMgr.loadGraph(args[1]));
    Shapes shapes = timed(compile, () -> Shapes.parse(shapesGraph));
    ValidationReport report =
        timed(validate, () -> ShaclValidator.get().validate(shapes, data));
    try (PrintWriter out = new PrintWriter(args[2], "UTF-8")) {
      for (ReportEntry entry : report.getEntries()) {
        out.print(line(entry.focusNode()) + "\t" + line(entry.sourceConstraintComponent()) + "\t"
            + line(entry.value()) + "\n");
      }
    }
    long begin = System.nanoTime();
    while ((System.nanoTime() - begin) / 1e9 < Double.parseDouble(args[3])) {
      timed(validate, () -> ShaclValidator.get().validate(shapes, data));
    }
    System.out.println("{\"quads\": " + data.size() + ", \"results\": "
        + report.getEntries().size() + ", \"steps\": {\"load\": " + array(load)
        + ", \"load shapes\": " + array(shapesLoad) + ", \"compile\": " + array(compile)
        + ", \"validate\": " + array(validate) + "}}");
  }
}
