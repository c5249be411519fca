//SOURCES Problem.java

package m365;

import java.io.IOException;

/** Carries a problem through Angus Mail, which lets input and output fail but knows nothing of problems. */
final class CarriedProblem extends IOException {
    private static final long serialVersionUID = 1;

    final transient Problem problem;

    CarriedProblem(Problem problem) {
        super(problem.getMessage());
        this.problem = problem;
    }
}
