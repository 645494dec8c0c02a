"""The application for an order's numbers: materials checked, cover sheet and message written, all in one zip."""

from ccc_numbers.vendors.application.bundle import Application, application, intent, write
from ccc_numbers.vendors.application.materials import Material, checked_materials

__all__ = ["Application", "Material", "application", "checked_materials", "intent", "write"]
