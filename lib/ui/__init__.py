"""Everything drawn. The only floor with Streamlit and Plotly."""
