export interface StepTrace {
  readonly step: string;
  readonly decided: boolean;
}
