"""The records of Green Valley Landscaping, an invented company in an invented town."""

from qbo_emulator.ground.values import Json


def _person(given: str, family: str, street: str, number: int, **more: object) -> Json:
    name = f"{given} {family}"
    return {
        "DisplayName": name,
        "GivenName": given,
        "FamilyName": family,
        "PrimaryEmailAddr": {"Address": f"{given}.{family}@example.com".lower()},
        "PrimaryPhone": {"FreeFormNumber": f"(555) 201-{number:04d}"},
        "BillAddr": _address(street),
        **more,
    }


def _firm(name: str, mailbox: str, street: str, number: int, **more: object) -> Json:
    return {
        "DisplayName": name,
        "CompanyName": name,
        "PrimaryEmailAddr": {"Address": f"{mailbox}@example.com"},
        "PrimaryPhone": {"FreeFormNumber": f"(555) 201-{number:04d}"},
        "BillAddr": _address(street),
        **more,
    }


def _address(street: str) -> Json:
    return {"Line1": street, "City": "Fairview", "CountrySubDivisionCode": "CA", "PostalCode": "94999"}


CUSTOMERS: tuple[Json, ...] = (
    _person("Amelia", "Hartwell", "18 Juniper Court", 143),
    _firm(
        "Bluebird Cafe",
        "hello.bluebird",
        "22 Harbor St.",
        144,
        BillAddr={**_address("22 Harbor St."), "City": "Bayshore", "PostalCode": "94501"},
    ),
    _firm(
        "Carver & Sons",
        "office.carver",
        "77 Mill Road",
        145,
        PrimaryEmailAddr={"Address": "office@carver.example.com"},
    ),
    _firm("O'Malley's Pub", "pat.omalley", "9 Harbor Street", 146),
    _firm("Desert Rose Dental", "front.desk", "310 Palm Avenue", 147),
    _firm("Evergreen Apartments", "manager.evergreen", "500 Evergreen Way", 148),
    {"DisplayName": "Unit 4B", "Job": True, "parent": "Evergreen Apartments", "BillWithParent": True},
    {"DisplayName": "Unit 7A", "Job": True, "parent": "Evergreen Apartments", "BillWithParent": True},
    _person("Fernando", "Ruiz", "42 Alder Street", 149),
    _firm("Grace Lutheran Church", "office.grace", "1 Chapel Hill", 150),
    _firm("Harbor View Hotel", "facilities.harborview", "88 Bay Drive", 151),
    _person("Jasmine", "Patel", "63 Willow Lane", 152),
    _firm("Kowalski Plumbing Supply LLC", "orders.kowalski", "15 Industrial Way", 153),
    _person("John", "Smith", "5 Cedar Close", 154, DisplayName="Smith, John"),
    _firm("Larkspur Homeowners Association", "board.larkspur", "1000 Larkspur Circle", 155),
    {"DisplayName": "Clubhouse", "Job": True, "parent": "Larkspur Homeowners Association"},
    {"DisplayName": "North Lawn", "Job": True, "parent": "Larkspur Homeowners Association"},
    {"DisplayName": "Pool Area", "Job": True, "parent": "Larkspur Homeowners Association"},
    _person("Beatrice", "Lindqvist", "27 Fern Street", 156),
    _person("Caleb", "Okafor", "301 Quarry Road", 157),
    _firm("Copper Kettle Brewing", "taproom.copperkettle", "66 Depot Street", 158),
    _person("Delphine", "Moreau", "14 Rosewood Drive", 159),
    _firm("Fairview Public Library", "grounds.library", "250 Civic Plaza", 160),
    _firm("Fiddlehead Montessori School", "admin.fiddlehead", "33 Meadow Lane", 161),
    _person("Gideon", "Abrams", "9 Sycamore Street", 162),
    _person("Hannah", "Whitlock", "118 Ridge Road", 163),
    _person("Ingrid", "Solberg", "71 Birch Avenue", 164),
    _firm("Ironwood Fitness", "hello.ironwood", "420 Commerce Drive", 165),
    _person("Kenji", "Nakamura", "56 Bamboo Way", 166),
    _firm("Lakeside Veterinary Clinic", "clinic.lakeside", "19 Shore Road", 167),
    _person("Marisol", "Vega", "82 Poppy Street", 168),
    _firm("Mulberry Street Bakery", "oven.mulberry", "7 Mulberry Street", 169),
    _person("Nadia", "Petrova", "205 Hillcrest Avenue", 170),
    _firm("Pinecrest Golf Club", "greens.pinecrest", "1 Fairway Drive", 171),
    _person("Rupert", "Ellington", "38 Garden Terrace", 172),
    _firm("Saddleback Storage", "office.saddleback", "900 Ranch Road", 173),
    _firm("Thistle & Thyme Florist", "shop.thistle", "12 Market Square", 174),
    _person("Wendell", "Brooks", "64 Orchard Lane", 175),
)

VENDORS: tuple[Json, ...] = tuple(
    {"DisplayName": name, "CompanyName": name, "PrimaryEmailAddr": {"Address": f"{mailbox}@example.com"}}
    for name, mailbox in (
        ("Northside Supply", "sales.northside"),
        ("Bright Bulb Lighting", "orders.brightbulb"),
        ("Clearwater Irrigation", "counter.clearwater"),
        ("Fairview Fuel", "billing.fairviewfuel"),
        ("Granite State Stone", "yard.granite"),
        ("Hillside Nursery", "plants.hillside"),
        ("Mower Doctor", "shop.mowerdoctor"),
        ("Pacific Rim Insurance", "service.pacificrim"),
        ("Redwood Mulch Company", "dispatch.redwood"),
        ("Sunrise Tool Rental", "rentals.sunrise"),
        ("Valley Telecom", "accounts.valleytelecom"),
        ("Westgate Property Management", "rent.westgate"),
    )
)

EMPLOYEES = (("Emily", "Tran"), ("Marcus", "Bell"), ("Sofia", "Reyes"))


def _service(name: str, price: float, description: str, *, taxable: bool = False, **more: object) -> Json:
    return {
        "Name": name,
        "Type": "Service",
        "UnitPrice": price,
        "Description": description,
        "Taxable": taxable,
        "IncomeAccountRef": {"value": "45"},
        **more,
    }


def _stocked(name: str, price: float, cost: float, quantity: int) -> Json:
    return {
        "Name": name,
        "Type": "Inventory",
        "UnitPrice": price,
        "PurchaseCost": cost,
        "Taxable": True,
        "TrackQtyOnHand": True,
        "QtyOnHand": quantity,
        "InvStartDate": "2024-01-01",
        "IncomeAccountRef": {"value": "79"},
        "ExpenseAccountRef": {"value": "80"},
        "AssetAccountRef": {"value": "81"},
    }


ITEMS: tuple[Json, ...] = (
    {"Name": "Lawn & Garden", "Type": "Category"},
    {"Name": "Materials", "Type": "Category"},
    _service("Lawn Mowing", 45, "Mow, edge and blow, per visit", SubItem=True, parent="Lawn & Garden"),
    _service("Hedge Trimming", 60, "Trim hedges, per hour", SubItem=True, parent="Lawn & Garden"),
    _service("Garden Design", 95, "Design consultation, per hour", Sku="GV-100"),
    _service("Tree Pruning", 120, "Prune trees up to 20 feet, per tree", Sku="GV-110"),
    _service("Stump Removal", 185, "Grind a stump below grade", Sku="GV-115"),
    _service("Irrigation Check", 85, "Seasonal check of valves and heads", Sku="GV-120"),
    _service("Sprinkler Repair", 78.5, "Repair or replace a sprinkler head", Sku="GV-125", taxable=True),
    _service("Leaf Cleanup", 55, "Autumn cleanup, per hour", Sku="GV-130"),
    _service("Weed Control", 49.95, "Treatment of beds and walks", Sku="GV-135", taxable=True),
    _service("Sod Installation", 2.75, "Sod laid and rolled, per square foot", Sku="GV-140", taxable=True),
    _service("Service Call", 75, "Visit and first half hour"),
    {
        "Name": "Mulch",
        "Type": "NonInventory",
        "UnitPrice": 38,
        "Description": "Bark mulch, per cubic yard",
        "Taxable": True,
        "IncomeAccountRef": {"value": "79"},
    },
    _stocked("Garden Hose", 34.99, 18, 25),
    _stocked("Sprinkler Head", 12.5, 6.25, 140),
)
