/** The name of a container's only port. */
export const GENERAL_NAME = 'SERVICE_NAME';
/** The name of the address of a container's task, as a docker label. */
export const ADDRESS_LABEL = 'discovery.service.name';

const ADDRESS_VARIABLE = 'DISCOVERY_SERVICE_NAME';
const PORT_NAME = /^SERVICE_(\d{1,5})_NAME$/;

/** The variable with the name of one port. */
export function portVariable(containerPort: number): string {
  return `SERVICE_${containerPort}_NAME`;
}

export function isPortVariable(variable: string): boolean {
  return PORT_NAME.test(variable);
}

export function isAddressVariable(variable: string | undefined): boolean {
  return variable === ADDRESS_LABEL || variable === ADDRESS_VARIABLE;
}

/** Whether a variable holds a name in the zone. */
export function isNameVariable(variable: string): boolean {
  return variable === GENERAL_NAME || isPortVariable(variable) || isAddressVariable(variable);
}
