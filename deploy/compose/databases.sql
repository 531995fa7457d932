-- The image makes the database of Dagster's instance; this one is the lake's catalogue. A database holds one lake.
CREATE DATABASE lake;
