"""The tables of docs/performance.md."""

from report import aims
from report.figures import ticks, with_spread


def table(head, rows):
    def line(cells):
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
    rule = "|" + "|".join(["---"] + ["---:"] * (len(head) - 1)) + "|"
    return "\n".join([line(head), rule] + [line(row) for row in rows])


def text_table(head, rows):
    return table(head, rows).replace("---:", "---")


def per_build(builds, render):
    """What `render` makes of each build, under the name of its compiler."""
    return "\n\n".join(f"**{build.compiler}**\n\n{render(build)}" for build in builds)


def order(build, figure, *ways):
    """Contestants that have one of `ways` = (part, setting), the cheapest first."""
    def cost(name):
        found = [build.median(figure, name, part, setting) for part, setting in ways]
        return next((value for value in found if value is not None), None)
    names = list(build.contestants)
    return sorted((name for name in names if cost(name) is not None), key=cost)


def run_facts(builds, date, command):
    first = builds[0]
    host = first.host
    rows = [("Processor", f"{host['processor']}, {host['cores']} cores, {host['architecture']}"),
            ("Kernel", host["kernel"]), ("Date", date), ("Command", f"`{command}`")]
    for build in builds:
        rows.append((build.compiler, f"{build.ticks_per_second / 1e9:.2f} billion ticks a second by "
                     f"a chain of dependent additions; the {build.counter} moves in steps of "
                     f"{ticks(build.counter_step)} ticks"))
    seen = []
    for build in builds:
        for skip in build.skipped:
            if skip not in seen:
                seen.append(skip)
    rows += [(f"Left out: {skip['what']}", skip["reason"]) for skip in seen]
    return text_table(("Run", ""), rows)


def aims_table(builds):
    rows, missed = [], []
    for aim in aims.AIMS:
        verdicts = [aims.verdict(aim, build) for build in builds]
        rows.append([aim.text] + [text for text, _ in verdicts])
        if any(is_missed for _, is_missed in verdicts):
            missed.append(aim)
    parts = [text_table(["Aim"] + [build.compiler for build in builds], rows)]
    reasons = aims.reasons()
    if missed:
        parts.append("Why those that are missed are missed:\n\n" + "\n".join(
            f"* {aim.text}. {reasons.get(aim.key, 'No reason is known yet.')}" for aim in missed))
    return "\n\n".join(parts)


def contestants(builds):
    seen = {}
    for build in builds:
        seen |= build.contestants
    rows = [(c["name"], c["library"] or "–", c["way"], c["garbage"], "yes" if c["nests"] else "no")
            for c in seen.values()]
    return text_table(("Contestant", "Library", "How it is read here",
                       "Garbage beside a stalled reader", "Reads nest"), rows)


def reads(builds):
    def render(build):
        head = ["Contestant", "Throughput, address", "Throughput, id", "Latency, address",
                "Latency, id"]
        names = order(build, "throughput", ("address", ""), ("id", ""))
        rows = [[name] + [with_spread(build.get(figure, name, part))
                          for figure in ("throughput", "latency") for part in ("address", "id")]
                for name in names]
        return table(head, rows)
    return per_build(builds, render)


def readers(builds):
    def render(build):
        settings = build.settings("readers")
        names = order(build, "readers", ("address", settings[0]), ("id", settings[0]))
        rows = []
        for name in names:
            part = "address" if build.get("readers", name, "address", settings[0]) else "id"
            found = [build.get("readers", name, part, setting) for setting in settings]
            row = [name, part] + [with_spread(figure) for figure in found]
            if len(settings) > 1:
                row.append(f"{found[-1]['median'] / found[0]['median']:.2f}")
            rows.append(row)
        head = ["Contestant", "What"] + [f"{setting}" for setting in settings]
        return table(head + (["Last to first"] if len(settings) > 1 else []), rows)
    return per_build(builds, render)


def beside_promoter(builds):
    def render(build):
        paces = build.settings("batch p50")
        names = order(build, "batch p50", ("address", paces[0]), ("id", paces[0]))
        rows = []
        for name in names:
            part = "address" if build.get("batch p50", name, "address", paces[0]) else "id"
            cells = [" / ".join(ticks(build.median(f"batch {p}", name, part, pace))
                                for p in ("p50", "p99", "p99.9", "worst")) for pace in paces]
            rows.append([name] + cells)
        return table(["Contestant"] + [f"{pace}: p50 / p99 / p99.9 / worst" for pace in paces], rows)
    return per_build(builds, render)


def publish(builds):
    def render(build):
        figure = "publish step"
        rows = [[name] + [with_spread(build.get(of, name, "", setting))
                          for setting in ("alone", "beside a reader")
                          for of in (figure, f"{figure}, bracketed", f"{figure}, empty bracket")]
                for name in order(build, figure, ("", "alone"))]
        head = ["Contestant", "Step alone", "bracketed", "empty bracket", "Step beside a reader",
                "bracketed", "empty bracket"]
        row = build.median(figure, "Publication::publish", "", "back to back")
        return table(head, rows) + \
            f"\n\nBack to back, `Publication::publish` takes {ticks(row)} ticks."
    return per_build(builds, render)


def model(builds):
    def cell(build, contestant, setting):
        return with_spread(build.get("model", contestant, "", setting))
    rows = []
    for build in builds:
        rows.append([build.compiler, cell(build, "estimate_promotion_cost", "at compile time")] +
                    [cell(build, "PromotionGuard::promote", setting)
                     for setting in ("more than the bracket", "bracketed", "empty bracket")])
    return table(["Compiler", "`estimate_promotion_cost`", "`PromotionGuard::promote`, more than the "
                  "empty bracket", "bracketed", "empty bracket"], rows)


def promotions(builds):
    def render(build):
        names = order(build, "promotion", ("", "readers idle"))
        rows = [[name, with_spread(build.get("promotion", name, "", "readers idle")),
                 with_spread(build.get("promotion beside readers", name, "", "back to back"))]
                for name in names]
        return table(["Contestant", "Readers idle", "Beside readers that read"], rows)
    return per_build(builds, render)


def registered(builds):
    def render(build):
        settings = build.settings("registered readers")
        names = list(build.of("registered readers"))
        rows = [[name] + [with_spread(build.get("registered readers", name, "", setting))
                          for setting in settings] for name in names]
        return table(["Contestant"] + settings, rows)
    return per_build(builds, render)


def visibility(builds):
    def render(build):
        found = build.of("visibility")
        rows = [[name, with_spread(found[name])]
                for name in sorted(found, key=lambda name: found[name]["median"])]
        return table(["Who", "There and back, ticks"], rows)
    return per_build(builds, render)


def garbage(builds):
    def render(build):
        rows = []
        for name in build.of("garbage"):
            rows.append([name] + [f"{build.median('garbage', name, '', setting):,.0f}"
                                  for setting in ("most at once", "at the end")] +
                        [f"{build.median('garbage bytes', name, '', 'at the end'):,.0f}"])
        rows.sort(key=lambda row: int(row[2].replace(",", "")))
        return table(["Contestant", "Most snapshots at once", "Snapshots at the end",
                      "Bytes at the end"], rows)
    return per_build(builds, render)


SECTIONS = {"aims": aims_table, "contestants": contestants, "reads": reads, "readers": readers,
            "beside-promoter": beside_promoter, "publish": publish, "model": model,
            "promotions": promotions, "registered": registered, "visibility": visibility,
            "garbage": garbage}
