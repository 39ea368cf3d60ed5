// Package fastapi runs a real FastAPI with Starlette's CORSMiddleware, on uvicorn, as an
// API under test. The application is in app/main.py; scripts/install-fastapi.sh installs what it needs.
package fastapi
