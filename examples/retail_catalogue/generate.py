#!/usr/bin/env python3
"""Writes v1.ttl to v4.ttl of the retail catalogue beside itself: generate.py [--check]

v1 is a small retailer's catalogue with its policies. v2 is the next season: new products, a new
brand, changed prices, a longer return window. v3 is v2 after a bad feed: it breaks three invariants.
v4 is v2 after a slip of the pen that no shape can see: every fourth offer starts in 2062.
The output depends on nothing but this file. With --check it writes nothing and fails if a version
is not what it would write.
"""

import dataclasses
import pathlib
import sys

PREFIXES = """\
@prefix shop: <https://example.org/shop/vocabulary#> .
@prefix item: <https://example.org/shop/catalogue/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

CLASSES = {  # name: (label, comment)
    "Product": ("Product", "A thing the retailer sells, whatever its offer is today."),
    "Category": ("Category", "A place in the tree by which customers find products."),
    "Brand": ("Brand", "The name under which a product is made."),
    "Offer": ("Offer", "A product at a price, from a warehouse, under policies."),
    "Supplier": ("Supplier", "A company that delivers products to warehouses."),
    "Warehouse": ("Warehouse", "A place that holds stock."),
    "ReturnPolicy": ("Return policy", "How long, and at whose cost, a purchase may come back."),
    "ShippingPolicy": ("Shipping policy", "How fast, and at what price, a purchase is sent."),
    "Dimensions": ("Dimensions", "The size of a product's box."),
}

# name: (label, domain, range, characteristics); a range with a colon makes it a datatype property
PROPERTIES = {
    "sku": ("stock keeping unit", "Product", "xsd:string", ["Functional"]),
    "gtin": ("global trade item number", "Product", "xsd:string", ["Functional"]),
    "name": ("name", None, "rdf:langString", []),
    "description": ("description", "Product", "xsd:string", []),
    "brand": ("brand", "Product", "Brand", ["Functional"]),
    "category": ("category", "Product", "Category", []),
    "parentCategory": ("parent category", "Category", "Category",
                       ["Functional", "Asymmetric", "Irreflexive"]),
    "supplier": ("supplier", "Product", "Supplier", []),
    "weightGrams": ("weight in grams", "Product", "xsd:integer", ["Functional"]),
    "box": ("box", "Product", "Dimensions", ["Functional"]),
    "widthMm": ("width in millimetres", "Dimensions", "xsd:integer", ["Functional"]),
    "heightMm": ("height in millimetres", "Dimensions", "xsd:integer", ["Functional"]),
    "depthMm": ("depth in millimetres", "Dimensions", "xsd:integer", ["Functional"]),
    "offers": ("offers", "Offer", "Product", ["Functional"]),
    "price": ("price", "Offer", "xsd:decimal", ["Functional"]),
    "currency": ("currency", "Offer", "xsd:string", ["Functional"]),
    "validFrom": ("valid from", "Offer", "xsd:date", ["Functional"]),
    "stock": ("pieces in stock", "Offer", "xsd:integer", ["Functional"]),
    "shipsFrom": ("ships from", "Offer", "Warehouse", ["Functional"]),
    "returnPolicy": ("return policy", "Offer", "ReturnPolicy", ["Functional"]),
    "shippingPolicy": ("shipping policy", "Offer", "ShippingPolicy", ["Functional"]),
    "windowDays": ("window in days", "ReturnPolicy", "xsd:integer", ["Functional"]),
    "freeReturn": ("return is free", "ReturnPolicy", "xsd:boolean", ["Functional"]),
    "deliveryDays": ("days to deliver", "ShippingPolicy", "xsd:integer", ["Functional"]),
    "shippingPrice": ("price of shipping", "ShippingPolicy", "xsd:decimal", ["Functional"]),
    # OWL 2 DL keeps inverse-functional for object properties; OWL Full, like real data, does not.
    "vatNumber": ("VAT number", "Supplier", "xsd:string", ["Functional", "InverseFunctional"]),
    "city": ("city", "Warehouse", "xsd:string", ["Functional"]),
}

DISJOINT = ["Product", "Category", "Brand", "Offer", "Supplier", "Warehouse"]

CATEGORIES = {  # name: (English, German, parent)
    "garden": ("Garden", "Garten", None),
    "kitchen": ("Kitchen", "Küche", None),
    "workshop": ("Workshop", "Werkstatt", None),
    "watering": ("Watering", "Bewässerung", "garden"),
    "hand-tools": ("Hand tools", "Handwerkzeuge", "workshop"),
    "power-tools": ("Power tools", "Elektrowerkzeuge", "workshop"),
    "cookware": ("Cookware", "Kochgeschirr", "kitchen"),
    "knives": ("Knives", "Messer", "kitchen"),
}

BRANDS = {"alder": "Alder & Sons", "brisk": "Brisk", "corvo": "Corvo", "dunmore": "Dunmore"}
SUPPLIERS = {"northway": ("Northway Trading", "DE811907980"),
             "sudbury": ("Sudbury Wholesale", "DE136695976"),
             "lumen": ("Lumen Import", "FR40303265045")}
WAREHOUSES = {"hamburg": "Hamburg", "lyon": "Lyon", "graz": "Graz"}
SHIPPING = {"standard": (4, "4.90"), "express": (1, "12.50")}

KINDS = {  # category: kinds of product, each with a base price in cents and a weight in grams
    "watering": [("Garden hose", "Gartenschlauch", 2490, 1800), ("Sprinkler", "Regner", 1290, 350),
                 ("Watering can", "Gießkanne", 990, 600), ("Hose reel", "Schlauchwagen", 5990, 4200)],
    "hand-tools": [("Claw hammer", "Klauenhammer", 1890, 720), ("Hand saw", "Handsäge", 1690, 430),
                   ("Spirit level", "Wasserwaage", 2290, 510),
                   ("Screwdriver set", "Schraubendreher-Satz", 2990, 880)],
    "power-tools": [("Cordless drill", "Akkubohrschrauber", 12990, 1600), ("Jigsaw", "Stichsäge", 8990, 2100),
                    ("Orbital sander", "Exzenterschleifer", 7490, 1400)],
    "cookware": [("Frying pan", "Bratpfanne", 3990, 1300), ("Stock pot", "Suppentopf", 4990, 2300),
                 ("Casserole", "Schmortopf", 8990, 5100)],
    "knives": [("Chef's knife", "Kochmesser", 6990, 240), ("Paring knife", "Schälmesser", 1990, 70),
               ("Bread knife", "Brotmesser", 3490, 160)],
}
SIZES = [("small", 80), ("medium", 100), ("large", 135)]


@dataclasses.dataclass
class Product:
    number: int
    english: str
    german: str
    category: str
    brand: str
    supplier: str
    price_cents: int
    weight_grams: int

    @property
    def key(self):
        return f"product-{self.number:04}"

    @property
    def sku(self):
        return f"{self.category[:3].upper()}-{self.number:04}"

    @property
    def gtin(self):
        digits = f"40123{self.number * 37 % 10000000:07}"
        total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
        return digits + str(-total % 10)


def products(brands, count):
    """The first `count` products; a longer catalogue starts with the shorter one."""
    made = []
    for size, percent in SIZES:
        for category, kinds in KINDS.items():
            for english, german, cents, grams in kinds:
                n = len(made)
                made.append(Product(
                    number=n + 1, english=f"{english}, {size}", german=german, category=category,
                    brand=brands[n % len(brands)], supplier=list(SUPPLIERS)[n % len(SUPPLIERS)],
                    price_cents=cents * percent // 100, weight_grams=grams * percent // 100))
    return made[:count]


def money(cents):
    return f"{cents // 100}.{cents % 100:02}"


class Turtle:
    """Collects the text of one file."""

    def __init__(self, comment):
        self.lines = [f"# {line}" for line in comment] + [PREFIXES]

    def heading(self, text):
        self.lines.append(f"# {text}")

    def subject(self, name, pairs):
        body = " ;\n    ".join(f"{predicate} {value}" for predicate, value in pairs)
        self.lines.append(f"{name} {body} .\n")

    def text(self):
        return "\n".join(self.lines).rstrip("\n") + "\n"


def vocabulary(out, without=()):
    out.heading("The vocabulary")
    for name, (label, comment) in CLASSES.items():
        if name not in without:
            out.subject(f"shop:{name}", [("a", "owl:Class"), ("rdfs:label", f'"{label}"@en'),
                                         ("rdfs:comment", f'"{comment}"@en')])
    for at, name in enumerate(DISJOINT[:-1]):
        others = ", ".join(f"shop:{other}" for other in DISJOINT[at + 1:])
        out.subject(f"shop:{name}", [("owl:disjointWith", others)])
    for name, (label, domain, target, characteristics) in PROPERTIES.items():
        if domain in without or target in without:
            continue
        literal = ":" in target
        types = ["owl:DatatypeProperty" if literal else "owl:ObjectProperty"]
        types += [f"owl:{kind}Property" for kind in characteristics]
        pairs = [("a", ", ".join(types)), ("rdfs:label", f'"{label}"@en')]
        if domain:
            pairs.append(("rdfs:domain", f"shop:{domain}"))
        if not target.startswith("rdf:"):
            pairs.append(("rdfs:range", target if literal else f"shop:{target}"))
        out.subject(f"shop:{name}", pairs)


def people_and_places(out, brands):
    out.heading("Categories, brands, suppliers and warehouses")
    for key, (english, german, parent) in CATEGORIES.items():
        pairs = [("a", "shop:Category"), ("shop:name", f'"{english}"@en, "{german}"@de')]
        if parent:
            pairs.append(("shop:parentCategory", f"item:{parent}"))
        out.subject(f"item:{key}", pairs)
    for key, name in brands.items():
        out.subject(f"item:{key}", [("a", "shop:Brand"), ("shop:name", f'"{name}"@en')])
    for key, (name, vat) in SUPPLIERS.items():
        out.subject(f"item:{key}", [("a", "shop:Supplier"), ("shop:name", f'"{name}"@en'),
                                    ("shop:vatNumber", f'"{vat}"')])
    for key, city in WAREHOUSES.items():
        out.subject(f"item:{key}", [("a", "shop:Warehouse"), ("shop:city", f'"{city}"')])


def policies(out, returns):
    out.heading("Policies")
    for key, (days, free) in returns.items():
        out.subject(f"item:{key}", [("a", "shop:ReturnPolicy"), ("shop:windowDays", days),
                                    ("shop:freeReturn", free)])
    for key, (days, price) in SHIPPING.items():
        out.subject(f"item:{key}", [("a", "shop:ShippingPolicy"), ("shop:deliveryDays", days),
                                    ("shop:shippingPrice", price)])


def catalogue(out, items, returns, valid_from, fault):
    """Products and offers. `fault(key)` gives predicates to replace; None leaves one out."""
    out.heading("Products and their offers")
    for item in items:
        side = 90 + item.weight_grams // 20
        pairs = {
            "a": "shop:Product",
            "shop:sku": f'"{item.sku}"',
            "shop:gtin": f'"{item.gtin}"',
            "shop:name": f'"{item.english}"@en, "{item.german}"@de',
            "shop:description": f'"{item.english}, made for years of use."',
            "shop:brand": f"item:{item.brand}",
            "shop:category": f"item:{item.category}",
            "shop:supplier": f"item:{item.supplier}",
            "shop:weightGrams": item.weight_grams,
            "shop:box": f"[ a shop:Dimensions ; shop:widthMm {side} ; "
                        f"shop:heightMm {side // 2} ; shop:depthMm {side // 3} ]",
        }
        out.subject(f"item:{item.key}", faulty(pairs, fault(item.key)))
        offer = f"offer-{item.number:04}"
        pairs = {
            "a": "shop:Offer",
            "shop:offers": f"item:{item.key}",
            "shop:price": money(item.price_cents),
            "shop:currency": '"EUR"',
            "shop:validFrom": f'"{valid_from}"^^xsd:date',
            "shop:stock": item.number * 7 % 40,
            "shop:shipsFrom": f"item:{list(WAREHOUSES)[item.number % len(WAREHOUSES)]}",
            "shop:shippingPolicy": f"item:{list(SHIPPING)[item.number % len(SHIPPING)]}",
        }
        if returns:
            pairs["shop:returnPolicy"] = f"item:{list(returns)[item.number % len(returns)]}"
        out.subject(f"item:{offer}", faulty(pairs, fault(offer)))


def faulty(pairs, fault):
    merged = {**pairs, **fault}
    return [(predicate, value) for predicate, value in merged.items() if value is not None]


def first():
    out = Turtle(["A retailer's catalogue and its policies: the first version.",
                  "Written by generate.py; edit that."])
    returns = {"returns-30": (30, "true"), "returns-14": (14, "false")}
    vocabulary(out)
    people_and_places(out, BRANDS)
    policies(out, returns)
    catalogue(out, products(list(BRANDS), 40), returns, "2026-03-01", lambda key: {})
    return out.text()


def second_season():
    """What v2 and v3 share: one more brand, eleven more products, lower prices on every third."""
    brands = {**BRANDS, "everglen": "Everglen"}
    items = products(list(BRANDS), 40) + products(list(brands), 51)[40:]
    for item in items[::3]:
        item.price_cents = item.price_cents * 9 // 10
    return brands, items


def second():
    out = Turtle(["A retailer's catalogue and its policies: the second version, the next season.",
                  "Written by generate.py; edit that."])
    brands, items = second_season()
    returns = {"returns-60": (60, "true"), "returns-14": (14, "false")}
    vocabulary(out)
    people_and_places(out, brands)
    policies(out, returns)
    catalogue(out, items, returns, "2026-09-01", lambda key: {})
    return out.text()


FAULTS = {
    # Correctness: what the shapes forbid.
    "offer-0003": {"shop:price": None},
    "offer-0007": {"shop:price": "-19.90"},
    "offer-0011": {"shop:currency": '"EURO"'},
    "product-0005": {"shop:gtin": '"40123-0001"'},
    "product-0012": {"shop:brand": "item:aldre"},
    "product-0020": {"shop:description": '"?"'},
    # Consistency: a functional property with two values.
    "product-0009": {"shop:weightGrams": "1600, 2600"},
}


def third():
    out = Turtle(["A retailer's catalogue and its policies: the third version, after a bad feed.",
                  "It lacks every return policy (completeness), gives one product two weights (consistency),",
                  "and has prices, currencies, numbers and brands that the shapes forbid (correctness).",
                  "Written by generate.py; edit that."])
    brands, items = second_season()
    vocabulary(out, without=("ReturnPolicy",))
    people_and_places(out, brands)
    policies(out, {})
    catalogue(out, items, {}, "2026-09-01", lambda key: FAULTS.get(key, {}))
    return out.text()


def fourth():
    out = Turtle(["A retailer's catalogue and its policies: the fourth version, sound by every rule.",
                  "Two digits of a year are swapped in every fourth offer: it starts in 2062, and until",
                  "then nobody can buy. Only use shows it.",
                  "Written by generate.py; edit that."])
    brands, items = second_season()
    returns = {"returns-60": (60, "true"), "returns-14": (14, "false")}
    late = {f"offer-{item.number:04}": {"shop:validFrom": '"2062-09-01"^^xsd:date'}
            for item in items[3::4]}
    vocabulary(out)
    people_and_places(out, brands)
    policies(out, returns)
    catalogue(out, items, returns, "2026-09-01", lambda key: late.get(key, {}))
    return out.text()


def main():
    folder = pathlib.Path(__file__).parent
    stale = []
    for name, make in {"v1.ttl": first, "v2.ttl": second, "v3.ttl": third,
                       "v4.ttl": fourth}.items():
        if sys.argv[1:] != ["--check"]:
            (folder / name).write_text(make(), encoding="utf-8")
        elif (folder / name).read_text(encoding="utf-8") != make():
            stale.append(name)
    if stale:
        sys.exit(f"{', '.join(stale)}: not what generate.py writes; run it and commit the result")


if __name__ == "__main__":
    main()
