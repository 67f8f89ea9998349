import { Component, type ReactNode } from 'react';

interface GuardProps {
  /** What is shown: another state is another try. */
  of: unknown;
  children: ReactNode;
}

/** Keeps a fault in one view from taking the page with it. */
export class Guard extends Component<GuardProps, { fault?: Error }> {
  override state: { fault?: Error } = {};

  static getDerivedStateFromError(fault: unknown): { fault: Error } {
    return { fault: fault instanceof Error ? fault : new Error(String(fault)) };
  }

  override componentDidUpdate(before: GuardProps): void {
    if (before.of !== this.props.of && this.state.fault !== undefined) this.setState({ fault: undefined });
  }

  override render(): ReactNode {
    const { fault } = this.state;
    if (fault === undefined) return this.props.children;
    return (
      <div className="page">
        <h1>This view has stopped</h1>
        <div className="error" role="alert">
          <p>
            <strong>An internal error, please report it with this page’s address.</strong>
          </p>
          <p>{fault.message}</p>
        </div>
        <button type="button" onClick={() => this.setState({ fault: undefined })}>
          Try again
        </button>
      </div>
    );
  }
}
