"""The invented brands of the demo shop: what they cost, how good they are, how they look."""

from __future__ import annotations

from catalog.demo.authoring import Brand


def _brand(name: str, price: float, quality: float, names: str, palette: str = "") -> Brand:
    colors = tuple(c.strip() for c in palette.split(",") if c.strip())
    return Brand(name, price, quality, tuple(names.split()), colors)


# fmt: off
# kitchen and appliances
HALDEN = _brand("Halden", 1.1, 4.5, "Hush Lull Murmur Still Calm Dusk Fathom Hollow Quell Reed", "white, sage, black, brushed steel")
VELLMAR = _brand("Vellmar", 1.55, 4.6, "Atelier Opus Forte Primo Tenor Sonata Largo Vivace Aria Duet", "brushed steel, black, copper")
PIPPET = _brand("Pippet", 0.68, 3.9, "Pop Zip Bop Dot Hop Jot Nip Tap Wink Pip", "red, yellow, mint, pink, turquoise")
DUNMARROW = _brand("Dunmarrow", 0.82, 4.1, "Gannet Heron Kestrel Linnet Merlin Plover Rook Siskin Tern Wren", "black, grey, red")
TARNBY = _brand("Tarnby", 0.92, 4.2, "Birk Elm Fyr Hassel Lind Pil Rowan Selje Thorn Ysop", "brushed steel, white, black")
OSK_EMBER = _brand("Osk & Ember", 1.3, 4.4, "Cinder Flint Forge Hearth Kiln Smoulder Spark Tinder Glow Ingot", "black, copper, cream, forest green")
LUMBRAE = _brand("Lumbrae", 1.0, 4.3, "Brisa Cala Duna Isla Marea Nube Olmo Rio Sol Vela", "cream, sage, blue, white")
CORVESSA = _brand("Corvessa", 1.2, 4.0, "Vanta Nox Lyra Orion Vega Altair Draco Rigel Mira Electra", "black, grey, red, silver")

# home
LINNET_LOFT = _brand("Linnet & Loft", 1.2, 4.4, "Ardley Bexley Camber Denholm Elstow Farleigh Harlow Ketton Marlow Orford", "sage, cream, rust, navy")
ALDERNOOK = _brand("Aldernook", 0.8, 4.1, "Bower Copse Dell Glade Grove Hollow Knoll Mead Spinney Thicket", "grey, white, beige")
SOFTMOOR = _brand("Softmoor", 1.0, 4.5, "Cloud Drift Eider Lull Haze Mist Nimbus Pillow Puff Whisper", "white, grey, lilac, blush")
HEARTHBY = _brand("Hearthby", 0.95, 4.2, "Amberley Brindle Cosset Dovecote Ember Fireside Inglenook Larder Mantel Settle", "terracotta, cream, olive, mustard")
WICK_WEAVE = _brand("Wick & Weave", 1.35, 4.6, "Bobbin Heddle Loom Selvedge Shuttle Skein Spindle Twill Warp Weft", "navy, cream, mustard, teal")
LUXONNE = _brand("Luxonne", 1.6, 4.3, "Belvoir Chantal Delphine Eloise Florine Giselle Isaure Lisette Odile Solene", "gold, black, white, blush")
BREEZEL = _brand("Breezel", 0.75, 3.8, "Airy Breath Draft Flow Gust Puff Swish Waft Whirl Zephyr", "white, grey, mint")
VORTANE = _brand("Vortane", 1.3, 4.3, "Cyclo Helix Mistral Pampero Sirocco Squall Tempest Tornado Typhoon Vortex", "grey, red, purple")
MOONPIP = _brand("Moonpip", 0.9, 4.4, "Bunting Cuddle Dozy Gurgle Lullaby Nod Peep Snug Teeny Twinkle", "white, mint, blush")
NESTLING = _brand("Nestling & Co.", 1.25, 4.6, "Acorn Catkin Clover Daisy Fern Hazel Maple Poppy Primrose Willow", "white, sage, grey")

# fashion
RIVET_RYE = _brand("Rivet & Rye", 1.25, 4.5, "Abilene Bowery Cotter Dillon Everett Fargo Harlan Jasper Laramie Mercer Quincy Sutter", "indigo, dark blue, black")
CALLOW_DENIM = _brand("Callow Denim", 1.0, 4.3, "Arden Blythe Corin Dara Esme Flynn Greer Hollis Imogen Joss Kit Lowen", "light blue, mid blue, ecru")
BASEWELL = _brand("Basewell", 0.55, 3.9, "Otto Nell Ida Max Ned Una Vic Wes Joy Kim Lou Pat", "black, white, grey, navy")
LARKVALE = _brand("Larkvale", 0.95, 4.3, "Anise Bryony Celandine Dahlia Elder Freesia Ginger Heather Iris Jasmine Laurel Myrtle", "coral, sage, lilac, yellow")
STOWEMILL = _brand("Stowemill", 1.15, 4.6, "Brook Carder Ferry Gannow Holm Ings Kersey Lade Millrace Paddock Ridding Weir", "navy, olive, charcoal, oatmeal")
OMBRINE = _brand("Ombrine", 1.5, 4.2, "Arona Brera Cadore Dorsoduro Elba Fiume Garda Ischia Lario Murano Norcia Orta", "black, burgundy, cream, camel")
HEKTOR_FINCH = _brand("Hektor & Finch", 1.3, 4.4, "Ashby Barlow Crane Dorset Elwood Fenwick Gaunt Harker Lorne Marsh Rook Severn", "white, sky blue, navy, burgundy")
SOLBROOK = _brand("Solbrook", 0.75, 4.0, "Bay Cabana Cove Dune Harbor Jetty Lagoon Marina Pier Reef Shore Tide", "white, coral, turquoise, sand")

# running and outdoor
KESTRUN = _brand("Kestrun", 1.2, 4.6, "Aero Bolt Dash Fleet Glide Hover Quick Sprint Surge Tempo", "black, blue, lime")
PACEWARD = _brand("Paceward", 1.0, 4.4, "Cadence Compass Interval Kilo Lap Marathon Negative Relay Stride Threshold", "grey, teal, orange")
STRIDELL = _brand("Stridell", 0.72, 4.0, "Amble Canter Jog Lope March Pace Ramble Skip Trot Wander", "white, black, pink")
FLEETMOOR = _brand("Fleetmoor", 1.4, 4.3, "Arrow Comet Dart Falcon Harrier Jet Lynx Osprey Swift Viper", "white, orange, red")
SKARNFELL = _brand("Skarnfell", 1.5, 4.7, "Bjorn Dovre Elgen Fonn Gaupe Isbre Jotun Lavvo Rein Tinde", "forest green, orange, black")
CAIRNWELL = _brand("Cairnwell", 1.0, 4.4, "Affric Braeriach Cluanie Derry Etive Fannich Glas Lochan Rannoch Torridon", "navy, olive, red")
HIGHMOSS = _brand("Highmoss", 0.78, 4.1, "Bog Curlew Fell Grouse Heath Lichen Peat Rill Sedge Tarn", "olive, grey, mustard")
TREKTIDE = _brand("Trektide", 0.62, 3.8, "Basecamp Explorer Journey Nomad Outpost Pathway Rover Scout Trail Voyage", "blue, orange, black")
RAVENSTOKE = _brand("Ravenstoke", 1.2, 4.5, "Badger Corbie Dunlin Ermine Fulmar Goshawk Kite Marten Otter Raven", "black, charcoal, forest green")

# beauty
VELUNE = _brand("Velune", 1.6, 4.4, "Aube Brume Clair Douce Etoile Lueur Minuit Nacre Rosee Soie", "rose, nude, burgundy")
BAREFERN = _brand("Barefern", 1.1, 4.6, "Alba Bract Cress Frond Leaf Spore Petal Root Seed Sprig")
OATMERE = _brand("Oatmere", 0.8, 4.5, "Bare Calm Ease Gentle Kind Mild Plain Quiet Soft Tender")
MIROUX = _brand("Miroux", 1.35, 4.1, "Amour Boheme Cabaret Delice Eclat Flirt Muse Opera Rivoli Velours", "red, coral, plum, fuchsia")
TIDEWICK = _brand("Tidewick", 0.95, 4.2, "Brine Coast Drift Ebb Foam Kelp Pebble Salt Swell Wave", "coral, nude, pink")
DERMA_NORRA = _brand("Derma Norra", 1.25, 4.5, "Barrier Base Balance Cica Clear Defend Hydra Repair Restore Shield")
LISSANDRE = _brand("Lissandre", 0.62, 3.8, "Bella Candy Daisy Glam Honey Lola Peony Ruby Sugar Trixie", "pink, red, fuchsia, mauve")

# pets
WAGMOOR = _brand("Wagmoor", 1.0, 4.5, "Ramble Romp Fetch Heel Scamper Gallop Meadow Ridge Hedgerow Burrow", "red, navy, olive")
TUFTLEY = _brand("Tuftley", 1.2, 4.4, "Parlour Vestry Nook Sunbeam Sill Hearth Ledge Purl Saffron Basil", "grey, teal, mustard")
FETCH_FENNEL = _brand("Fetch & Fennel", 1.45, 4.6, "Garden Orchard Thyme Rosemary Nettle Sorrel Dill Borage Chervil Marjoram", "forest green, tan")
GRUBWISE = _brand("Grubwise", 0.65, 3.9, "Daily Value Chum Buddy Mate Pal Fella Champ Scout Rascal", "black, red, blue")
WHISKERBY = _brand("Whiskerby", 0.9, 4.2, "Mitten Biscuit Marmalade Pepper Smoky Tabby Ginger Patch Domino Pickle", "pink, turquoise, purple")
OLD_KENNEL = _brand("Old Kennel Road", 1.1, 4.3, "Drover Gamekeeper Herder Pointer Ratter Retriever Shepherd Spaniel Terrier Whippet", "brown, black, tan")

# grocery
HOLLIN_WRAY = _brand("Hollin & Wray", 1.25, 4.6, "Alcove Buttery Cellar Dresser Larder Pantry Scullery Stillroom Tiffin Trivet")
SALTMERE = _brand("Saltmere", 1.05, 4.4, "Anchor Beacon Capstan Dory Estuary Ferry Groyne Harbour Lugger Quay")
TAMSINS = _brand("Tamsin's Pantry", 0.95, 4.5, "Blossom Bramble Cobnut Damson Elderflower Filbert Greengage Medlar Quince Sloe")
CASA_BREVOLA = _brand("Casa Brevola", 1.15, 4.4, "Alma Borgo Corte Duomo Fontana Giardino Loggia Piazza Torre Vigna")
NETTLECOMBE = _brand("Nettlecombe", 1.0, 4.3, "Barn Coppice Dairy Furrow Granary Harrow Orchard Rick Sheaf Tithe")
ORO_VELINO = _brand("Oro Velino", 1.5, 4.5, "Alba Colle Dolce Felice Grano Luce Monte Prato Riva Terra")
PENNYWORT = _brand("Pennywort Foods", 0.65, 3.9, "Basics Bright Cheery Family Good Handy Jolly Nifty Simple Tidy")
GREVEMOOR = _brand("Grevemoor Farm", 0.85, 4.2, "Acre Byre Croft Drove Fallow Gate Hayloft Paddock Stile Yard")

# electronics and office
AURISEN = _brand("Aurisen", 1.5, 4.6, "Cantata Chorale Fugue Lied Motet Nocturne Prelude Rondo Serenade Toccata", "black, silver, midnight blue")
VOXMERE = _brand("Voxmere", 1.0, 4.3, "Alto Bass Echo Mezzo Pitch Resound Timbre Tone Treble Vibe", "black, white, teal")
KIPPSEL = _brand("Kippsel", 0.6, 3.8, "Bit Blip Byte Chip Click Dash Mini Nano Ping Tick", "white, pink, mint, black")
NIMBREL = _brand("Nimbrel", 0.88, 4.2, "Cirrus Cumulus Front Halo Isobar Monsoon Stratus Sundog Thermal Vapor", "grey, white, blue")
OKTO_WORKS = _brand("Okto Works", 1.2, 4.4, "Axis Cipher Delta Grid Kernel Matrix Node Octave Vector Vertex", "black, grey, orange")
BRIGHTJACK = _brand("Brightjack", 0.78, 4.0, "Amp Beam Current Dynamo Filament Joule Lumen Ohm Socket Volt", "black, red, yellow")
TARROW_DESK = _brand("Tarrow Desk", 1.1, 4.4, "Abbot Bureau Clerk Deacon Envoy Folio Ledger Notary Scribe Warden", "black, oak, grey, navy")
FOOLSCAP = _brand("Foolscap & Daughters", 1.25, 4.6, "Almanac Codex Diary Errata Octavo Quarto Recto Sonnet Stanza Verso", "navy, burgundy, forest green, black")
INKSTER_LANE = _brand("Inkster Lane", 0.9, 4.3, "Blot Cursive Dash Flourish Glyph Italic Nib Quill Serif Tilde", "blue, teal, mustard, black")
PAPELUNE = _brand("Papelune", 1.0, 4.2, "Aquarelle Carnet Dessin Esquisse Lavis Marge Palette Plume Trait Velin", "lilac, blush, sage, cream")
SITWELL_STONE = _brand("Sitwell & Stone", 1.35, 4.3, "Aldwych Barbican Chancery Holborn Kingsway Ludgate Strand Temple Walbrook Whitehall", "black, charcoal, tan")

# toys
TUMBLEWICK = _brand("Tumblewick", 1.0, 4.5, "Bumble Doodle Fiddle Giggle Jiggle Muddle Noodle Paddle Tumble Wiggle", "red, blue, yellow, green")
OAKHOPPER = _brand("Oakhopper", 1.35, 4.7, "Acorn Beechnut Bramble Conker Cricket Grasshopper Hazelnut Ladybird Pinecone Sapling", "natural, green, blue")
BLOKKA = _brand("Blokka", 0.85, 4.2, "Arch Bridge Castle Citadel Fort Harbor Lighthouse Rocket Station Tower", "red, blue, yellow")
LITTLE_LANTERN = _brand("Little Lantern", 1.1, 4.4, "Comet Dream Firefly Glimmer Moonbeam Night Shimmer Sparkle Star Twilight", "cream, sage, blush, grey")
HULLABALOON = _brand("Hullabaloon", 0.7, 3.9, "Bang Boing Crackle Fizz Hurrah Pop Rumpus Splat Whoop Zoom", "orange, pink, turquoise")
GAMBIT_LANE = _brand("Gambit Lane", 1.15, 4.5, "Bluff Feint Gambit Hazard Meeple Opening Parry Rook Stratagem Tempo", "navy, red, green")
# fmt: on
