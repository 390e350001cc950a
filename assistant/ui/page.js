(() => {
  // Sending with the button, a chip or a quick reply leaves the caret in the box; on a touch
  // screen that would open the keyboard over the cards, so it is left alone there.
  const fine = window.matchMedia("(pointer: fine)");
  const focusBox = () => {
    if (!fine.matches) return;
    const box = document.querySelector("#sm-box textarea, #sm-box input");
    if (box) box.focus({ preventScroll: true });
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("#sm-box button, #sm-chat .options button, #sm-chat button.option, #sm-chat button.example, [data-drop], [data-act]");
    if (button) setTimeout(focusBox, 60);
  });

  // A picture covers its drawing only once it has loaded. An animation holds that state, since
  // attributes and classes are put back whenever the shelf is drawn again.
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  const pictured = (event) => event.target instanceof HTMLImageElement && event.target.closest(".sm-picture");
  document.addEventListener("load", (event) => {
    if (pictured(event))
      event.target.animate([{ opacity: 0 }, { opacity: 1 }], { duration: still.matches ? 0 : 180, fill: "forwards" });
  }, true);
  document.addEventListener("error", (event) => {
    if (pictured(event)) event.target.getAnimations().forEach((animation) => animation.cancel());
  }, true);
})();
