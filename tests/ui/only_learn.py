"""The lessons page by itself, for tests of its script: going from page to page is a matter of the browser.

Guarded as the app's entry is: worker processes import it too, under another name.
"""

if __name__ == "__main__":
    from sim.ui.pages import learn

    learn.page()
