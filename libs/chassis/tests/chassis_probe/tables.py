"""What the probe keeps: an effect a message it applied (twice, if it applied one twice), and the subjects it knows."""

from sqlalchemy import BigInteger, Column, Identity, MetaData, Table, Text

from chassis.tables import NAMING_CONVENTION

metadata = MetaData(naming_convention=NAMING_CONVENTION)

effects = Table(
    "effects", metadata, Column("id", BigInteger, Identity(), primary_key=True), Column("key", Text, nullable=False)
)
subjects = Table("subjects", metadata, Column("key", Text, primary_key=True))
