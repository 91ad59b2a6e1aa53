"""The model beside the house's own claims."""
