FROM node:24-bookworm-slim
WORKDIR /app
COPY . .
RUN npm ci
CMD ["node_modules/.bin/node", "dist/src/main.js"]
