"""Moves every kind of control that a figure of the course can have, as a hand at the keyboard or at the mouse does.

Each way of moving one returns whether the control itself took it: its value is another one, its canvas looks otherwise.
"""

# The controls of a figure, one for each value that a reader can set. Of a radio group it is the box around it.
ALL = ("[role=slider], canvas[tabindex='0'], .widget-radio-box, select, input[type=checkbox], input[type=text], "
       ".course-control button, .course-canvas-bar button")
KIND = """one => one.matches('[role=slider]') ? 'slider' : one.matches('.widget-radio-box') ? 'radio'
    : one.matches('canvas') ? 'canvas' : one.matches('select') ? 'select' : one.matches('button') ? 'button'
    : one.type"""
NAME = """one => one.getAttribute('aria-label') || one.textContent.trim()
    || one.closest('.course-control')?.querySelector('.widget-label')?.textContent || one.outerHTML.slice(0, 80)"""
VALUE = {
    "slider": "one => one.getAttribute('aria-valuetext') + one.getAttribute('aria-valuenow')",
    "radio": "one => Array.from(one.querySelectorAll('input')).findIndex(input => input.checked)",
    "select": "one => one.selectedIndex",
    "checkbox": "one => one.checked",
    "text": "one => one.value",
    "canvas": """one => {
        const pixels = one.getContext('2d').getImageData(0, 0, one.width, one.height).data;
        let hash = 7;
        for (let k = 0; k < pixels.length; k += 4)
            hash = Math.imul(hash ^ pixels[k] ^ pixels[k + 1] << 8 ^ pixels[k + 2] << 16, 16777619);
        return hash + (one.closest('.course-canvas').querySelector('.course-canvas-spoken')?.textContent || ''); }""",
}


def kind(control):
    """Which of the kinds in ALL this control is of."""
    return control.evaluate(KIND)


def name(control):
    """What a reader calls it."""
    return control.evaluate(NAME)


def move(page, control, by):
    """Move one control, by "keyboard" or by "pointer"; gives whether it took it. It is left at its new value."""
    control.scroll_into_view_if_needed()
    what = kind(control)
    if what == "button":
        return _press(page, control, by)
    before = control.evaluate(VALUE[what])

    def changed():
        for _ in range(15):
            if control.evaluate(VALUE[what]) != before:
                return True
            page.wait_for_timeout(20)
        return False

    for way in {"keyboard": _by_keyboard, "pointer": _by_pointer}[by](page, control, what):
        way()
        if changed():
            return True
    return False


def _press(page, button, by):
    if not button.is_enabled():
        return True  # such as Stop while nothing trains
    if by == "keyboard":
        button.focus()
        page.keyboard.press("Enter")
    else:
        button.click()
    return True


def _by_keyboard(page, control, what):
    """Ways to try one after the other, for a control may stand at its end."""
    def keys(*pressed):
        def act():
            (control.locator("input:checked") if what == "radio" else control).first.focus()
            for key in pressed:
                page.keyboard.press(key)
        return act

    if what == "checkbox":
        return [keys("Space")]
    if what == "text":
        return [keys("End", "1", "Tab")]
    if what == "canvas":
        return [keys("ArrowRight"), keys("ArrowUp"), keys("Space"), keys("ArrowLeft"), keys("Enter"), keys("+")]
    return [keys("ArrowRight"), keys("ArrowDown"), keys("ArrowLeft"), keys("ArrowUp")]


def _by_pointer(page, control, what):
    mouse = page.mouse

    def drag(*way):
        def act():
            mouse.move(*way[0])
            mouse.down()
            for place in way[1:]:
                mouse.move(*place, steps=4)
            mouse.up()
        return act

    if what == "slider":
        handle, track = control.bounding_box(), control.locator("xpath=ancestor::*[contains(@class,'noUi-base')]")
        box = track.bounding_box()
        at = (handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2)
        right = at[0] < box["x"] + box["width"] / 2
        return [drag(at, (box["x"] + box["width"] * (0.75 if right else 0.25), at[1]))]
    if what == "radio":
        return [control.locator("input:not(:checked)").first.click]
    if what == "select":
        other = control.evaluate("one => one.selectedIndex ? 0 : one.options.length - 1")
        return [lambda: control.select_option(index=other)]  # its list of options opens outside of the page
    if what == "text":
        def write():
            control.click()
            page.keyboard.press("Control+A")
            page.keyboard.insert_text(control.evaluate("one => one.value") + "1")
            page.keyboard.press("Tab")
        return [write]
    if what == "checkbox":
        return [control.click]
    box = control.bounding_box()
    places = [(box["x"] + box["width"] * x / 12, box["y"] + box["height"] * y / 12)
              for y in (6, 4, 8, 2, 10) for x in (6, 3, 9, 1, 11, 5, 7)]
    return [drag(place, (place[0] + 14, place[1] - 11)) for place in places]
