export { graphics, osInfo } from "systeminformation";
