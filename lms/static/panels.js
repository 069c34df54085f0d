// Slider and number of a rating say the same; without a script the number alone does.
"use strict";
const slide = document.getElementById("slide");
const value = document.getElementById("value");
if (slide && value) {
  slide.addEventListener("input", () => {
    value.value = slide.value;
  });
  value.addEventListener("input", () => {
    slide.value = value.value || 50;
  });
}
