"""What schema.org's vocabulary says of products, as flat values under usual column names."""
