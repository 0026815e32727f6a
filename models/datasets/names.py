"""Names that tables share without importing each other."""

# What a network for ordinary photographs fits, in the place of a dataset's name.
PHOTOS = "photos"
