"""Everything drawn. The only floor with Streamlit."""
