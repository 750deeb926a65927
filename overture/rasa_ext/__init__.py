"""What Rasa loads from Overture: words, screening, and the ground that actions stand on."""
