"""The app's entry: page settings and navigation. ``importflow app`` is the same as ``streamlit run app.py``.

All is behind the guard: worker processes import this file too, under another name, and must do nothing then.
"""

if __name__ == "__main__":
    import streamlit as st

    from sim.ui import texts
    from sim.ui.components import login, look
    from sim.ui.garbage import DRAWINGS
    from sim.ui.pages import learn, planner, seller
    from sim.ui.texts import learn as words

    st.set_page_config(page_title=texts.PRODUCT, page_icon=look.ICON, layout="wide")
    doors = [
        st.Page(planner.page, title=texts.PLANNER, default=True),
        st.Page(seller.page, title=texts.SELLER, url_path="arrival"),
        st.Page(learn.page, title=words.LEARN, url_path="learn"),
    ]
    opened = st.navigation(doors, position="top")
    if login.let_in():
        with DRAWINGS.one():
            opened.run()
