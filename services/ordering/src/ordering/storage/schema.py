"""The metadata that every table of this service hangs on."""

from sqlalchemy import MetaData

from chassis.tables import NAMING_CONVENTION

metadata = MetaData(naming_convention=NAMING_CONVENTION)
