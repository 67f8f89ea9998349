import { Component, type ReactNode } from 'react';

/** Keeps a fault in one view from taking the page with it. */
export class Guard extends Component<{ children: ReactNode }, { fault?: Error }> {
  override state: { fault?: Error } = {};

  static getDerivedStateFromError(fault: unknown): { fault: Error } {
    return { fault: fault instanceof Error ? fault : new Error(String(fault)) };
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
